"""The API's views, one module per resource. They ask who may, call the services, and respond."""
