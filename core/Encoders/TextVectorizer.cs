namespace NeuroDb;

/// <summary>
/// Turns texts into vectors of one length: an encoder of the program, which statements ask by
/// <c>embed('name', text)</c>. Several threads may call it at once, never inside a lock of the
/// database; equal texts must give equal vectors.
/// </summary>
/// <param name="texts">The texts, a few hundred at most, each once.</param>
/// <param name="cancellationToken">Stops the work.</param>
/// <returns>One vector for each text, in their order; the database keeps the arrays.</returns>
public delegate IReadOnlyList<float[]> TextVectorizer(
    IReadOnlyList<string> texts, CancellationToken cancellationToken);
