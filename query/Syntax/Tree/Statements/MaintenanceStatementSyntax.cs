namespace NeuroDb.Query;

/// <summary>CHECKPOINT, VACUUM, VACUUM INTO or BACKUP TO.</summary>
/// <param name="IsVacuum">Whether the space of all dead rows is given back.</param>
/// <param name="Target">The directory that becomes a copy; null if none is made.</param>
internal sealed record MaintenanceStatementSyntax(bool IsVacuum, string? Target)
    : StatementSyntax;
