"""Programs for developers and operators; nothing in the product imports them."""
