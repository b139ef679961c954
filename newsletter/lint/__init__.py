"""What is wrong with an issue, beyond what its schema says: findings at the editor's line."""
