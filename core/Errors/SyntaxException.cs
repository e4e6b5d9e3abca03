namespace NeuroDb;

/// <summary>A statement that does not follow the grammar; the position says where.</summary>
public sealed class SyntaxException : NeuroStoreException
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">The stable number.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="position">The place in the statement, if one is known.</param>
    /// <param name="innerException">The cause, if another error caused this one.</param>
    public SyntaxException(
        ErrorCode code,
        string message,
        SourcePosition position = default,
        Exception? innerException = null)
        : base(code, message, position, innerException)
    {
    }
}
