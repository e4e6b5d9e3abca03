namespace NeuroDb;

/// <summary>A limit of memory, size, depth or count stopped the call.</summary>
public sealed class ResourceLimitException : NeuroStoreException
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">The stable number.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="position">The place in the statement, if one is known.</param>
    /// <param name="innerException">The cause, if another error caused this one.</param>
    public ResourceLimitException(
        ErrorCode code,
        string message,
        SourcePosition position = default,
        Exception? innerException = null)
        : base(code, message, position, innerException)
    {
    }
}
