"""What puts the data into each product, with its own client; each module runs under that product's own Python."""
