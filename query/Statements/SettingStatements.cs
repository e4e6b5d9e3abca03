using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>SET, SHOW and PRAGMA over the settings of a session.</summary>
internal static class SettingStatements
{
    /// <summary>Whether a statement reads or writes a setting.</summary>
    public static bool IsOne(StatementSyntax syntax) =>
        syntax is SetStatementSyntax or ShowStatementSyntax or PragmaStatementSyntax
        && !SystemRelations.IsQuery(syntax);

    /// <summary>Runs the statement.</summary>
    public static StatementResult Run(
        StatementSyntax syntax,
        SessionSettings settings,
        StorageEngine storage,
        CancellationToken cancellation)
    {
        switch (syntax)
        {
            case SetStatementSyntax or PragmaStatementSyntax
                when ForeignPragmas.NoticeOf(syntax) is not null:
                return new StatementResult([], 0);
            case SetStatementSyntax { Value: DefaultExpressionSyntax } reset:
                settings.Reset(reset.Name.Last, reset.Position);
                return new StatementResult([], 0);
            case SetStatementSyntax set:
                settings.Set(set.Name.Last, Word(set.Value), set.Position);
                return new StatementResult([], 0);
            case PragmaStatementSyntax { Value: ExpressionSyntax value } pragma:
                settings.Set(pragma.Name.Last, Word(value), pragma.Position);
                return new StatementResult([], 0);
            case PragmaStatementSyntax pragma when IsCheck(pragma.Name.Last, out bool isQuick):
                return Verify(pragma.Name.Last, storage, isQuick, cancellation);
            case PragmaStatementSyntax pragma:
                return Show(pragma.Name, settings);
            case ShowStatementSyntax show:
                return Show(show.Name, settings);
            default:
                throw Invariant.Broken($"a setting statement: {syntax.GetType().Name}");
        }
    }

    private static StatementResult Show(NameSyntax name, SessionSettings settings)
    {
        string value = settings.Get(name.Last, name.Position);
        ColumnBuffer column = ColumnBuffer.Constant(DataType.Text, Value.Of(value), 1);
        return new StatementResult(
            [new OutputColumn(0, name.Last, DataType.Text, IsNullable: false)],
            -1,
            new BufferedCursor([new RowBatch([column], 1)]));
    }

    // What work in the background found so far, which costs no reading.
    private static bool IsAlerts(string name) =>
        name.Equals("background_check", StringComparison.OrdinalIgnoreCase);

    private static bool IsCheck(string name, out bool isQuick)
    {
        isQuick = name.Equals("quick_check", StringComparison.OrdinalIgnoreCase);
        return isQuick || IsAlerts(name)
            || name.Equals("integrity_check", StringComparison.OrdinalIgnoreCase);
    }

    // One row for each finding, or one row that says ok.
    private static StatementResult Verify(
        string name, StorageEngine storage, bool isQuick, CancellationToken cancellation)
    {
        IReadOnlyList<IntegrityFinding> findings = IsAlerts(name)
            ? storage.Alerts.From(0)
            : storage.Verify(isQuick, cancellation);
        int count = Math.Max(1, findings.Count);
        ColumnBuilder builder = ColumnBuilder.Create(DataType.Text, count);
        for (int i = 0; i < count; i++)
        {
            builder.Append(Value.Of(findings.Count == 0 ? "ok" : findings[i].ToString()));
        }

        return new StatementResult(
            [new OutputColumn(0, name, DataType.Text, IsNullable: false)],
            -1,
            new BufferedCursor([new RowBatch([builder.Build()], count)]));
    }

    /// <summary>The text of a word or a literal.</summary>
    internal static string Word(ExpressionSyntax value) => value switch
    {
        ColumnReferenceSyntax reference => reference.Name.Last,
        LiteralExpressionSyntax { Kind: LiteralKind.Boolean } truth => truth.Text,
        LiteralExpressionSyntax literal => literal.Text,
        UnaryExpressionSyntax
        {
            Operator: UnaryOperator.Negate or UnaryOperator.Plus,
            Operand: LiteralExpressionSyntax { Kind: not LiteralKind.Text } number,
        } signed => (signed.Operator == UnaryOperator.Negate ? "-" : "+") + number.Text,
        CastExpressionSyntax
        {
            Type.Name: "INTERVAL",
            Operand: LiteralExpressionSyntax interval,
        } => interval.Text,
        _ => throw new NeuroStoreException(
            ErrorCode.InvalidSetting,
            "A setting takes a word or a literal.",
            value.Position),
    };
}
