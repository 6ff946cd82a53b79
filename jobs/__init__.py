"""Work in the background: any kind of job that ends, never lost, done by whatever worker is free."""
