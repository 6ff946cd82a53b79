"""The API's views, one module per resource. They ask for rights, call the services, and answer."""
