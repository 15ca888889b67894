"""The gateway's own server and loop, one worker, for the baseline."""

import os

worker_class = "asgi"
asgi_loop = "uvloop"
asgi_lifespan = "on"
workers = 1
bind = os.environ["BIND"]
worker_connections = 2000
keepalive = 30
accesslog = None
control_socket_disable = True
