"""The life of a page: until when what it says is sure, who checks it, and when it only serves as a memory."""
