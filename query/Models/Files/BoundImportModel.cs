namespace NeuroDb.Query;

/// <summary>IMPORT MODEL: a model from a file that EXPORT MODEL wrote.</summary>
internal sealed class BoundImportModel(ImportModelStatementSyntax syntax)
    : BoundModelChange($"Import model {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override ModelChange? Execute(ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        string name = syntax.Name.Last;
        if (context.Transaction.Catalog.TryGetObject(CatalogObjectKind.Model, name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A model {name} exists already; import the file under another name.",
                syntax.Name.Position);
        }

        string path = CopyPath.Of(syntax.File, context);
        if (ModelFiles.FormatOf(syntax.Format, path) != ModelFileFormat.Native)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "Only files of FORMAT native are imported; C# is for programs.",
                syntax.Position);
        }

        (BuiltModel built, long testUses) = ModelFiles.Read(files.ReadAll(path));
        ModelDefinition model = ModelCatalog.Create(name, syntax.Text, built, context);
        ModelWriter.SetTestUses(model.LiveVersion.Identity, testUses, context.Transaction);
        return new ModelChange(model, model.Live, built.Facts);
    }
}
