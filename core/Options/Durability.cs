namespace NeuroDb;

/// <summary>What a returned commit promises after a crash or a loss of power.</summary>
public enum Durability
{
    /// <summary>
    /// A commit returns when it is on stable storage; commits that wait at the same time share one
    /// write. Nothing that returned is ever lost. The default.
    /// </summary>
    Full = 0,

    /// <summary>
    /// As <see cref="Full"/>, but a commit may wait a short while for others to share its write:
    /// more commits a second from many sessions, a little more latency for each.
    /// </summary>
    Group = 1,

    /// <summary>
    /// A commit returns at once and reaches stable storage soon after. A crash may lose the last
    /// commits, always from the end and never a part of one.
    /// </summary>
    Async = 2,

    /// <summary>
    /// Nothing is written before a checkpoint or the orderly close. For data that can be made
    /// again.
    /// </summary>
    None = 3,
}
