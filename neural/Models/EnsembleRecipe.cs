namespace NeuroDb.Neural;

/// <summary>
/// Reads ensemble(mlp(32), gbdt(trees=100), voting=mean), or ensemble(m, n@2) of models that are
/// there.
/// </summary>
internal static class EnsembleRecipe
{
    private const int MembersMax = 16;
    private static readonly string[] Votings = ["mean", "stack"];

    /// <summary>The recipe of a text, if it is one of an ensemble.</summary>
    public static Recipe? TryParse(string text)
    {
        string trimmed = text.Trim();
        bool isEnsemble = trimmed.StartsWith(
                Recipe.EnsembleName, StringComparison.OrdinalIgnoreCase)
            && trimmed[Recipe.EnsembleName.Length..].TrimStart() is "" or ['(', .., ')'];
        if (!isEnsemble)
        {
            return null;
        }

        string inside = trimmed[Recipe.EnsembleName.Length..].Trim();
        var members = new List<Recipe>();
        var joined = new List<string>();
        bool isMean = false;
        foreach (string part in Parts(inside.Length < 2 ? "" : inside[1..^1]))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length == 2 && !sides[0].Contains('(', StringComparison.Ordinal))
            {
                isMean = VotingOf(sides[0], sides[1].Trim('\'')) == 0;
                continue;
            }

            if (IsName(part))
            {
                joined.Add(part);
            }
            else
            {
                members.Add(MemberOf(part));
            }
        }

        return members.Count + joined.Count is >= 2 and <= MembersMax
            ? new Recipe(Recipe.EnsembleName, [], new Dictionary<string, double>(), null)
            {
                Members = members,
                Joined = joined,
                IsMean = isMean,
            }
            : throw NeuralErrors.InvalidModel(
                $"An ensemble joins 2 to {MembersMax} models: ensemble(mlp(32), gbdt(trees=100)).");
    }

    private static int VotingOf(string name, string value)
    {
        if (!name.Equals("voting", StringComparison.OrdinalIgnoreCase))
        {
            throw NeuralErrors.UnknownName("option of ensemble", name, ["voting"]);
        }

        int voting = Array.FindIndex(
            Votings, it => it.Equals(value, StringComparison.OrdinalIgnoreCase));
        return voting >= 0 ? voting : throw NeuralErrors.UnknownName("voting", value, Votings);
    }

    // A name that is none of a recipe is that of a model.
    private static bool IsName(string text) =>
        text.Contains('@', StringComparison.Ordinal) || text.StartsWith('"')
        || (text.All(static unit => char.IsLetterOrDigit(unit) || unit == '_')
            && !Recipe.Names.Contains(text.ToLowerInvariant()));

    private static Recipe MemberOf(string text)
    {
        Recipe member = Recipe.Parse(text);
        return member.IsNetwork || member.Name is "gbdt" or "random_forest" or "decision_tree"
            ? member
            : throw NeuralErrors.InvalidModel(
                $"{member.Name} predicts no target, so no ensemble can join it.");
    }

    // The parts between commas that stand in no brackets.
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                string part = text[start..i].Trim();
                parts.AddRange(part.Length > 0 ? [part] : []);
                start = i + 1;
                continue;
            }

            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        }

        return parts;
    }
}
