namespace NeuroDb;

/// <summary>
/// A parameter that came as a stream or a reader: it is read once, when the statement runs, and
/// written to a file while it is read.
/// </summary>
/// <param name="Bytes">The bytes of a BLOB, or null.</param>
/// <param name="Text">The characters of a TEXT, or null.</param>
internal sealed record LargeInput(Stream? Bytes, TextReader? Text);
