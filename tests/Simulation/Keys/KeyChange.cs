namespace NeuroDb.Tests.Simulation;

/// <summary>A statement about keys, or rows to append, and what it makes of the model.</summary>
/// <param name="Sql">The statement; of rows to append the name of the table.</param>
/// <param name="Parameters">Its values.</param>
/// <param name="After">The model after it.</param>
/// <param name="Appended">The rows to append; null if it is a statement.</param>
internal sealed record KeyChange(
    string Sql, object?[] Parameters, KeyState After, IReadOnlyList<KeyRow>? Appended = null)
{
    /// <summary>Runs it; rows are appended within the transaction that is open.</summary>
    public void Run(Session session)
    {
        if (Appended is null)
        {
            session.Execute(Sql, Parameters);
            return;
        }

        using Appender appender = session.CreateAppender(Sql);
        foreach (KeyRow row in Appended)
        {
            appender.AppendRow(row.Id, row.A, row.B);
        }

        appender.Complete();
    }

    /// <inheritdoc/>
    public override string ToString() => Appended is null
        ? $"{Sql} -- {string.Join(", ", Parameters.Select(KeyType.Text))}"
        : $"append {Appended.Count} rows to {Sql}, from {Appended[0]} to {Appended[^1]}";
}
