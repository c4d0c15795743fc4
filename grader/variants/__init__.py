"""What one student gets: drawn from the course secret, told apart from every wrong method, written on a sheet."""
