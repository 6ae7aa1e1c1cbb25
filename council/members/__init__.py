"""Who the council is: instances with the rules that hold for them, and mandates."""
