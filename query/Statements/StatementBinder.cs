namespace NeuroDb.Query;

/// <summary>Binds every statement that reads or changes data or the catalog.</summary>
internal static class StatementBinder
{
    /// <summary>The bound statement of a syntax tree.</summary>
    public static BoundStatement Bind(StatementSyntax syntax, Binder binder) =>
        WithChangesBinder.TryBind(syntax, binder) ?? BindPlain(syntax, binder);

    private static BoundStatement BindPlain(StatementSyntax syntax, Binder binder) => syntax switch
    {
        SelectStatementSyntax select => BindSelect(select, binder),
        InsertStatementSyntax insert => ViewChangeBinder.TryBind(insert, binder)
            ?? InsertBinder.Bind(insert, binder),
        UpdateStatementSyntax update => ViewChangeBinder.TryBind(update, binder)
            ?? UpdateBinder.Bind(update, binder),
        DeleteStatementSyntax delete => ViewChangeBinder.TryBind(delete, binder)
            ?? DeleteBinder.Bind(delete, binder),
        MergeStatementSyntax merge => MergeBinder.Bind(merge, binder),
        CopyStatementSyntax copy => CopyBinder.Bind(copy, binder),
        CreateViewStatementSyntax create => new BoundCreateView(create),
        CreateTriggerStatementSyntax create => new BoundCreateTrigger(create),
        CreateSequenceStatementSyntax create => new BoundCreateSequence(create),
        CreateFunctionStatementSyntax create => new BoundCreateFunction(create),
        SchemaStatementSyntax schema => new BoundSchema(schema),
        CreateTypeStatementSyntax create => new BoundCreateType(create),
        AlterTypeStatementSyntax alter => new BoundAlterType(alter),
        DropObjectStatementSyntax drop => new BoundDropObject(drop),
        AlterTableStatementSyntax alter => new BoundAlterTable(alter),
        AlterObjectStatementSyntax alter => new BoundAlterObject(alter),
        TruncateStatementSyntax truncate => new BoundTruncate(truncate, binder),
        CommentStatementSyntax comment => new BoundComment(comment),
        AnalyzeStatementSyntax analyze => new BoundAnalyze(analyze, binder),
        DescribeQueryStatementSyntax describe => BindDescribe(describe, binder),
        DescribeStatementSyntax or ShowStatementSyntax or PragmaStatementSyntax =>
            BindSelect(SystemRelations.QueryOf(syntax), binder),
        CreateTableStatementSyntax create => CreateTableBinder.Bind(create, binder),
        DropTableStatementSyntax drop => new BoundDropTable(drop, binder),
        CreateIndexStatementSyntax create => CreateIndexBinder.Bind(create, binder),
        DropIndexStatementSyntax drop => new BoundDropIndex(drop, binder),
        AlterIndexStatementSyntax alter => IndexLookup.Bind(alter, binder),
        ReindexStatementSyntax reindex => IndexLookup.Bind(reindex, binder),
        CreateModelStatementSyntax create => new BoundCreateModel(create),
        CreateExternalModelStatementSyntax create => new BoundCreateExternalModel(create),
        RetrainModelStatementSyntax retrain => new BoundRetrainModel(retrain),
        AlterModelStatementSyntax { Quantization: null } alter => new BoundAlterModel(alter),
        AlterModelStatementSyntax alter => new BoundQuantizeModel(alter),
        EvaluateModelStatementSyntax evaluate => new BoundEvaluateModel(evaluate, binder),
        ExplainModelStatementSyntax explain => new BoundExplainModel(explain),
        ExplainPredictionStatementSyntax explain => new BoundExplainPrediction(explain, binder),
        ExportModelStatementSyntax export => new BoundExportModel(export),
        ImportModelStatementSyntax import => new BoundImportModel(import),
        TuneModelStatementSyntax tune => new BoundTuneModel(tune),
        RollbackModelStatementSyntax rollback => new BoundRollbackModel(rollback),
        DropModelStatementSyntax drop => new BoundDropModel(drop),
        ExplainStatementSyntax explain =>
            new BoundExplain(
                Bind(explain.Statement, binder), explain.IsAnalyze, explain.IsJson),
        _ => throw new NeuroStoreException(
            ErrorCode.NotSupported,
            "This statement is understood, but this version of NeuroStore does not carry it out.",
            syntax.Position),
    };

    private static BoundQuery BindDescribe(
        DescribeQueryStatementSyntax describe, Binder binder)
    {
        LogicalNode query = binder.BindQuery(describe.Query);
        OutputColumn[] output =
        [
            binder.Identifiers.NewColumn("column_name", DataType.Text),
            binder.Identifiers.NewColumn("column_type", DataType.Text),
        ];
        Expression[][] rows = [.. query.Output.Select(static column => new Expression[]
        {
            new ConstantExpression(Value.Of(column.Name), DataType.Text),
            new ConstantExpression(Value.Of(column.Type.ToString()), DataType.Text),
        })];
        return new BoundQuery(
            new Planner(binder.Identifiers).Plan(new LogicalValues(output, rows)));
    }

    private static BoundQuery BindSelect(SelectStatementSyntax select, Binder binder)
    {
        LogicalNode query = binder.BindQuery(select.Query);
        return new BoundQuery(new Planner(binder.Identifiers).Plan(query));
    }
}
