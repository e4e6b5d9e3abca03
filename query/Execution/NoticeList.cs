namespace NeuroDb.Query;

/// <summary>
/// The notices of one statement: what the engine decided that the user did not say. Few statements
/// have any, so the list costs nothing until one is added.
/// </summary>
internal sealed class NoticeList
{
    private IReadOnlyList<string> _texts;

    /// <summary>Starts without notices.</summary>
    public NoticeList()
        : this([])
    {
    }

    /// <summary>Starts with the notices of the binder.</summary>
    public NoticeList(IReadOnlyList<string> texts) => _texts = texts;

    /// <summary>The notices of this moment, in order, each once.</summary>
    public IReadOnlyList<string> Texts => Volatile.Read(ref _texts);

    /// <summary>Adds a notice unless it was given already; any thread may.</summary>
    public void Add(string text)
    {
        IReadOnlyList<string> texts = Texts;
        while (!texts.Contains(text))
        {
            IReadOnlyList<string> found =
                Interlocked.CompareExchange(ref _texts, [.. texts, text], texts);
            if (ReferenceEquals(found, texts))
            {
                return;
            }

            texts = found;
        }
    }

    /// <summary>Starts again with the notices of the binder.</summary>
    public void Restart(IReadOnlyList<string> texts) => Volatile.Write(ref _texts, texts);
}
