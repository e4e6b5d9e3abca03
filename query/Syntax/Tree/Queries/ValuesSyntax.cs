namespace NeuroDb.Query;

/// <summary>VALUES.</summary>
/// <param name="Rows">The rows; at least one.</param>
internal sealed record ValuesSyntax(IReadOnlyList<RowSyntax> Rows) : QueryBodySyntax;
