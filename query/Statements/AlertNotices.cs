using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Tells one session of each alert of the database once, among the notices of its next statement.
/// </summary>
internal sealed class AlertNotices(AlertList alerts)
{
    private IReadOnlyList<string> _texts = [];
    private int _seenCount;

    /// <summary>Takes what is new for the statement that begins.</summary>
    public void Begin()
    {
        if (_texts.Count == 0 && alerts.Count == _seenCount)
        {
            return;
        }

        IReadOnlyList<IntegrityFinding> found = alerts.From(_seenCount);
        _seenCount += found.Count;
        _texts = [.. found.Select(static alert => alert.ToString())];
    }

    /// <summary>The notices of the statement with those of the database.</summary>
    public IReadOnlyList<string> With(IReadOnlyList<string> notices) =>
        _texts.Count == 0 ? notices : [.. _texts, .. notices];
}
