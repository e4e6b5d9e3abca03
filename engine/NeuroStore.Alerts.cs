using NeuroDb.Storage;

namespace NeuroDb;

/// <content>What work in the background found.</content>
public sealed partial class NeuroStore
{
    /// <summary>
    /// Raised when work in the background finds damage or fails, on the thread that did: keep the
    /// handler short. The database goes on with what is whole.
    /// </summary>
    public event EventHandler<IntegrityIssue>? AlertRaised;

    /// <summary>
    /// What work in the background found or could not do since the opening: damage that a scrub
    /// saw, checkpoints that failed. Every session also gets each alert once among its notices.
    /// </summary>
    public IReadOnlyList<IntegrityIssue> Alerts =>
        [.. _alerts.From(0).Select(IntegrityIssue.Of)];

    private void OnAlert(IntegrityFinding alert) =>
        AlertRaised?.Invoke(this, IntegrityIssue.Of(alert));
}
