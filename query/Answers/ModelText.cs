using System.Globalization;
using System.Text;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Finds the models that the expression of a generated column asks, and writes the number of a
/// version behind their names: a column keeps to its version, whichever is live.
/// </summary>
internal static class ModelText
{
    private static readonly string[] Functions = PredictionBinder.Names;

    /// <summary>The models that a text names, in order.</summary>
    public static IReadOnlyList<ModelReference> Find(string sql)
    {
        var found = new List<ModelReference>();
        if (!Functions.Any(name => sql.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            return found;
        }

        SqlTokenStream tokens = new SqlScanner(sql).NextStatement();
        for (int i = 0; i + 2 < tokens.Size; i++)
        {
            SqlToken token = TokenAt(i);
            if (!IsName(token)
                || !Functions.Contains(token.NameText(), StringComparer.OrdinalIgnoreCase)
                || TokenAt(i + 1).Type != Generated.NeuroSql.LEFT_PARENTHESIS)
            {
                continue;
            }

            int at = i + 2;
            if (TokenAt(at).Type == Generated.NeuroSql.MODEL && IsName(TokenAt(at + 1)))
            {
                at++;
            }

            if (IsName(TokenAt(at)))
            {
                found.Add(At(TokenAt(at), TokenAt(at + 1)));
            }
            else if (TokenAt(at).Type == Generated.NeuroSql.TEXT_STRING)
            {
                found.Add(GivenAt(TokenAt(at)));
            }
        }

        return found;

        SqlToken TokenAt(int i) => (SqlToken)tokens.Get(i);
    }

    /// <summary>The text with the version that each name means now.</summary>
    public static string Pin(string sql, CatalogView catalog) =>
        Replace(sql, reference =>
            catalog.TryGetObject(CatalogObjectKind.Model, reference.Name, out CatalogObject model)
                ? ModelDefinitionJson.Of(model).Find(reference.Version)?.Number
                : null);

    /// <summary>The text with another version.</summary>
    public static string WithVersion(string sql, int version) => Replace(sql, _ => version);

    /// <summary>The text with another name of a model.</summary>
    public static string WithName(string sql, string name, string newName)
    {
        var text = new StringBuilder(sql.Length);
        int copied = 0;
        foreach (ModelReference reference in Find(sql))
        {
            if (Dependencies.IsNamed(reference.Name, name))
            {
                text.Append(sql, copied, reference.Start - copied).Append(SqlText.Quote(newName));
                copied = reference.NameEnd;
            }
        }

        return text.Append(sql, copied, sql.Length - copied).ToString();
    }

    private static string Replace(string sql, Func<ModelReference, int?> versionOf)
    {
        var text = new StringBuilder(sql.Length + 4);
        int copied = 0;
        foreach (ModelReference reference in Find(sql))
        {
            if (!reference.IsGiven && versionOf(reference) is { } version)
            {
                text.Append(sql, copied, reference.NameEnd - copied)
                    .Append(CultureInfo.InvariantCulture, $"@{version}");
                copied = reference.End;
            }
        }

        return text.Append(sql, copied, sql.Length - copied).ToString();
    }

    // The quotes stay part of the name, so that no model has it.
    private static ModelReference GivenAt(SqlToken name) =>
        new(
            name.Text,
            ModelVersionChoice.Of(1),
            name.StartIndex,
            name.StopIndex + 1,
            name.StopIndex + 1)
        {
            IsGiven = true,
        };

    private static ModelReference At(SqlToken name, SqlToken next)
    {
        int end = name.StopIndex + 1;
        bool hasVersion = next.Type == Generated.NeuroSql.MODEL_VERSION;
        return new ModelReference(
            name.NameText(),
            hasVersion ? ModelBuilder.VersionOf(next) : ModelVersionChoice.Live,
            name.StartIndex,
            end,
            hasVersion ? next.StopIndex + 1 : end);
    }

    private static bool IsName(SqlToken token) =>
        token.Type == Generated.NeuroSql.IDENTIFIER || SqlKeywords.IsKeyword(token.Type);
}
