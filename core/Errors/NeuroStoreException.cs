using System.Data.Common;

namespace NeuroDb;

/// <summary>
/// The base of all errors that NeuroStore raises on bad input, bad data or a failing machine.
/// Misuse of the API itself raises the usual .NET exceptions.
/// </summary>
public class NeuroStoreException : DbException
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">The stable number.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="position">The place in the statement, if one is known.</param>
    /// <param name="innerException">The cause, if another error caused this one.</param>
    public NeuroStoreException(
        ErrorCode code,
        string message,
        SourcePosition position = default,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Position = position;
    }

    /// <summary>The stable number of the error.</summary>
    public ErrorCode Code { get; }

    /// <summary>The place in the statement, if <see cref="SourcePosition.IsKnown"/>.</summary>
    public SourcePosition Position { get; }

    /// <summary>The five-character SQLSTATE, as PostgreSQL defines it.</summary>
    public override string SqlState => NeuroDb.SqlState.Of(Code);

    /// <summary>Whether the same call may succeed if it is simply made again.</summary>
    public override bool IsTransient => Code == NeuroDb.ErrorCode.WriteConflict;
}
