"""What the product does: one function a deed; they take a session and never end its transaction."""
