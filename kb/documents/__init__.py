"""Documents, their versions, images, and the checked doors they leave by."""
