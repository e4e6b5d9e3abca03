namespace NeuroDb.Query;

/// <summary>CREATE TRIGGER in the form of SQLite: the statements stand in the trigger.</summary>
/// <param name="Name">The name of the trigger.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Timing">When it runs.</param>
/// <param name="Event">What it runs for.</param>
/// <param name="Columns">The columns of UPDATE OF; empty for all.</param>
/// <param name="Table">The table or view.</param>
/// <param name="WhenText">The text of the condition, or null.</param>
/// <param name="Body">The text of the statements.</param>
internal sealed record CreateTriggerStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    TriggerTiming Timing,
    TriggerEvent Event,
    IReadOnlyList<IdentifierSyntax> Columns,
    NameSyntax Table,
    string? WhenText,
    string Body) : StatementSyntax;
