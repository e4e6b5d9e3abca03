namespace NeuroDb.Query;

/// <summary>
/// The notices of one statement: what the engine decided that the user did not say.
/// </summary>
internal sealed class NoticeList
{
    private readonly List<string> _texts;

    /// <summary>Starts without notices.</summary>
    public NoticeList()
        : this([])
    {
    }

    /// <summary>Starts with the notices of the binder.</summary>
    public NoticeList(IEnumerable<string> texts) => _texts = [.. texts];

    /// <summary>The notices, in order, each once.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Adds a notice unless it was given already.</summary>
    public void Add(string text)
    {
        lock (_texts)
        {
            if (!_texts.Contains(text))
            {
                _texts.Add(text);
            }
        }
    }
}
