using System.Data;
using System.Data.Common;
using System.Globalization;

namespace NeuroDb.Data;

/// <summary>Derives the INSERT, UPDATE and DELETE of an adapter from its SELECT.</summary>
public sealed class NeuroCommandBuilder : DbCommandBuilder
{
    /// <summary>Makes a builder without an adapter.</summary>
    public NeuroCommandBuilder()
    {
        QuotePrefix = "\"";
        QuoteSuffix = "\"";
    }

    /// <inheritdoc/>
    public override string QuoteIdentifier(string unquotedIdentifier) =>
        $"\"{unquotedIdentifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <inheritdoc/>
    public override string UnquoteIdentifier(string quotedIdentifier) =>
        quotedIdentifier.Length >= 2 && quotedIdentifier[0] == '"' && quotedIdentifier[^1] == '"'
            ? quotedIdentifier[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : quotedIdentifier;

    /// <inheritdoc/>
    protected override void ApplyParameterInfo(
        DbParameter parameter, DataRow row, StatementType statementType, bool whereClause)
    {
    }

    /// <inheritdoc/>
    protected override string GetParameterName(int parameterOrdinal) =>
        string.Create(CultureInfo.InvariantCulture, $"@p{parameterOrdinal}");

    /// <inheritdoc/>
    protected override string GetParameterName(string parameterName) => $"@{parameterName}";

    /// <inheritdoc/>
    protected override string GetParameterPlaceholder(int parameterOrdinal) =>
        GetParameterName(parameterOrdinal);

    /// <inheritdoc/>
    protected override void SetRowUpdatingHandler(DbDataAdapter adapter)
    {
    }
}
