namespace NeuroDb.Bench;

/// <summary>An option or a file that a bench cannot take; the message says what to do.</summary>
internal sealed class BenchException(string message) : Exception(message);
