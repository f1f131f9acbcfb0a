"""The public record: model, reading and writing it, quality checks, search."""
