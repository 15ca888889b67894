"""The contract service: contracts from draft to completion."""
