"""The core of the product: everything that knows neither Dash nor the rest of the project."""
