"""What tests share: recorded stacks, edits to them, and the policy pack in process."""
