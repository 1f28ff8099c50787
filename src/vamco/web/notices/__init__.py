"""Who was told of something, and sending again what may not have arrived."""
