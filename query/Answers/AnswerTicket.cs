namespace NeuroDb.Query;

/// <summary>Somebody who may be changing rows, as <see cref="AnswerGate"/> knows him.</summary>
internal sealed class AnswerTicket(bool isTransaction, bool isLoad)
{
    /// <summary>Whether it is a transaction of a user, which may never write.</summary>
    public bool IsTransaction { get; } = isTransaction;

    /// <summary>Whether it only adds rows.</summary>
    public bool IsLoad { get; } = isLoad;

    /// <summary>Whether it has begun to write; guarded by the gate.</summary>
    public bool HasWritten { get; set; } = !isTransaction;
}
