namespace NeuroDb.Query;

/// <summary>CHECKPOINT or VACUUM.</summary>
/// <param name="IsVacuum">Whether the space of all dead rows is given back.</param>
internal sealed record MaintenanceStatementSyntax(bool IsVacuum) : StatementSyntax;
