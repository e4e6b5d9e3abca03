namespace NeuroDb;

/// <summary>A row that breaks NOT NULL, UNIQUE, PRIMARY KEY or CHECK; nothing was stored.</summary>
public sealed class ConstraintException : NeuroStoreException
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">The stable number.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="position">The place in the statement, if one is known.</param>
    /// <param name="innerException">The cause, if another error caused this one.</param>
    public ConstraintException(
        ErrorCode code,
        string message,
        SourcePosition position = default,
        Exception? innerException = null)
        : base(code, message, position, innerException)
    {
    }
}
