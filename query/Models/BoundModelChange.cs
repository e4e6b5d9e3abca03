namespace NeuroDb.Query;

/// <summary>
/// A statement that trains: it gives one row with what came of it, so that a shell shows it.
/// </summary>
internal abstract class BoundModelChange(string action, StatementSyntax syntax, NameSyntax name)
    : BoundStatement
{
    private static readonly (string Name, DataType Type)[] Named =
    [
        ("model", DataType.Text), ("version", DataType.Integer), ("is_live", DataType.Boolean),
        ("metric", DataType.Text), ("value", DataType.Double), ("low", DataType.Double),
        ("high", DataType.Double), ("baseline", DataType.Double), ("verdict", DataType.Text),
        ("rows_train", DataType.BigInt), ("rows_test", DataType.BigInt),
        ("rows_rejected", DataType.BigInt), ("seconds", DataType.Double),
    ];

    private static readonly OutputColumn[] ResultColumns =
        [.. Named.Select(static (it, i) => new OutputColumn(i, it.Name, it.Type, true))];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => ResultColumns;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        if (Execute(context) is not { } made)
        {
            return new StatementResult(ResultColumns, 0);
        }

        ModelFacts facts = made.Facts;
        ModelAudit.Add(
            action.Split(' ')[0].ToLowerInvariant(), made.Model.Name, made.Version, syntax,
            context);
        Value[] row =
        [
            Value.Of(made.Model.Name), Value.Of(made.Version),
            Value.Of(made.Model.Live == made.Version), TextOrNull(facts.Metric),
            NumberOrNull(facts.MetricValue), NumberOrNull(facts.MetricLow),
            NumberOrNull(facts.MetricHigh), NumberOrNull(facts.BaselineValue),
            TextOrNull(facts.Verdict), Value.Of(facts.RowsTrain), Value.Of(facts.RowsTest),
            Value.Of(facts.RowsRejected), Value.Of(Math.Round(facts.Seconds, 3)),
        ];
        var batch = new RowBatch(
            [.. row.Select((value, i) => ColumnBuffer.Constant(Named[i].Type, value, 1))], 1);
        return new StatementResult(ResultColumns, 0, new BufferedCursor([batch]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"{action} {name.Last}"];

    /// <summary>Makes the change; null if there was nothing to do.</summary>
    protected abstract ModelChange? Execute(ExecutionContext context);

    /// <summary>A number, or NULL where there is none.</summary>
    internal static Value NumberOrNull(double number) =>
        double.IsNaN(number) ? Value.Null : Value.Of(number);

    /// <summary>A text, or NULL where there is none.</summary>
    internal static Value TextOrNull(string text) =>
        text.Length == 0 ? Value.Null : Value.Of(text);

    /// <summary>Refuses parameters: the statement is kept to train again.</summary>
    internal static void RefuseParameters(StatementSyntax syntax)
    {
        if (syntax.ParameterCount > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "A model may not use parameters, because its statement is kept to train again; "
                + "write the values.",
                syntax.Position);
        }
    }
}
