namespace NeuroDb.Storage;

/// <summary>What a commit waits for. Whatever the mode, commits become durable in their order.</summary>
internal enum Durability
{
    /// <summary>The commit is durable when it returns.</summary>
    Full = 0,

    /// <summary>As <see cref="Full"/>, but it waits a while for others to share one write.</summary>
    Group = 1,

    /// <summary>Returns at once; durable within the time of the options.</summary>
    Async = 2,

    /// <summary>Returns at once; written when the buffer is full, or at close.</summary>
    None = 3,
}
