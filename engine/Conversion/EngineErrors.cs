namespace NeuroDb;

/// <summary>
/// The boundary of the sessions: what leaves it is the <see cref="NeuroStoreException"/> family,
/// or a .NET exception that tells the caller of a misuse.
/// </summary>
internal static class EngineErrors
{
    /// <summary>Whether an exception from below may not leave as it is.</summary>
    public static bool IsForeign(Exception error) => error is not (
        NeuroStoreException or InvalidOperationException or ArgumentException
        or NotSupportedException or OperationCanceledException);

    /// <summary>The error that leaves in place of a foreign one.</summary>
    public static NeuroStoreException Translate(Exception error) => error switch
    {
        IOException or UnauthorizedAccessException => new NeuroStoreException(
            ErrorCode.InputOutput,
            $"The operating system refused to read or write: {error.Message} Check the path, its "
            + "rights and the free space, then open the database again.",
            default,
            error),
        OutOfMemoryException or InsufficientExecutionStackException => new ResourceLimitException(
            ErrorCode.ResourceLimit,
            "The statement needs more memory than there is; nothing of it was stored. Make it "
            + "smaller or give the process more memory.",
            default,
            error),
        _ => new NeuroStoreException(
            ErrorCode.InvariantBroken,
            $"The engine met a defect of its own: {error.GetType().Name}: {error.Message} Nothing "
            + "of the statement was stored.",
            default,
            error),
    };

    /// <summary>The error for a statement that its caller or a time limit stopped.</summary>
    public static NeuroStoreException Cancelled(Exception? cause = null) => new(
        ErrorCode.Cancelled,
        "The statement was cancelled; nothing of it was stored.",
        default,
        cause);

    /// <summary>The error for a session whose database was closed under it.</summary>
    public static NeuroStoreException Closed() => new(
        ErrorCode.Closed,
        "The database is closed; open it again and make a new session.");

    /// <summary>The error for joining an open database with another key than it has.</summary>
    public static NeuroStoreException OtherKey(
        string path, EncryptionKey? given, EncryptionKey? needed) => (given, needed) switch
    {
        (null, _) => new NeuroStoreException(
            ErrorCode.KeyRequired,
            $"The database {path} is encrypted. Give its key or password in the options."),
        (_, null) => new NeuroStoreException(
            ErrorCode.NotEncrypted,
            $"The database {path} is not encrypted, and a key was given. Open it without a key."),
        _ => new NeuroStoreException(
            ErrorCode.WrongKey,
            $"The database {path} is encrypted with another key than the one given. Give the "
            + "right one; without it the data cannot be read."),
    };

    /// <summary>The error for a wrong number of parameter values.</summary>
    public static NeuroStoreException ParameterCount(int expected, int given) => new(
        ErrorCode.ParameterMismatch,
        $"The statement has {expected} parameters, but {given} values were given.");
}
