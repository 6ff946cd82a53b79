"""The web server: waitress, with limits of time and size for each request.

waitress reads requests and writes responses in one thread, whatever the number of clients; a thread
of its own has only a request that has been received whole, until its response is ready to be sent.
"""
