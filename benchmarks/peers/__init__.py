"""The same six-chart page in Streamlit, Vizro and Dash, and this product's Overview beside them."""
