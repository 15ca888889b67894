"""What can be asked about addresses."""

from customer.addresses.queries import ADDRESSES


@ADDRESSES.operations("list get create change delete restate")
class AddressOperations:
    """Addresses of a customer (CU-24), and of all customers."""
