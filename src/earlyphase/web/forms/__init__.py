"""Forms made from payload types: fields, what was typed, and the way back to a payload."""
