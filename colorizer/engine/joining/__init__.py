"""Full-resolution luma and predicted chroma become one picture in color."""
