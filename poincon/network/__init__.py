"""The network of a programme: qualified operators, agreed prescribers, trainings."""
