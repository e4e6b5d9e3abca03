using System.Text;
using System.Xml;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>Reads the members of one XML documentation file, one at a time.</summary>
internal static class DocumentationFile
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>All members that have a summary, in the order of the file.</summary>
    public static IEnumerable<ApiMember> Read(string path)
    {
        using XmlReader reader = XmlReader.Create(path, Settings);
        while (reader.ReadToFollowing("member"))
        {
            string? id = reader.GetAttribute("name");
            if (id is not [_, ':', _, ..] || reader.IsEmptyElement)
            {
                continue;
            }

            ApiMember member = MemberOf(id, reader);
            if (member.Summary.Length > 0)
            {
                yield return member;
            }
        }
    }

    private static ApiMember MemberOf(string id, XmlReader reader)
    {
        string summary = "";
        string result = "";
        var parameters = new List<string>();
        using XmlReader member = reader.ReadSubtree();
        while (member.Read())
        {
            if (member.NodeType != XmlNodeType.Element || member.IsEmptyElement)
            {
                continue;
            }

            switch (member.LocalName)
            {
                case "summary" when summary.Length == 0:
                    summary = Flatten(member);
                    break;
                case "returns" or "value" when result.Length == 0:
                    result = Flatten(member);
                    break;
                case "param":
                    parameters.Add(Flatten(member));
                    break;
                default:
                    break;
            }
        }

        return new ApiMember(id, summary, result, string.Join(' ', parameters));
    }

    private static string Flatten(XmlReader reader)
    {
        var text = new StringBuilder();
        using XmlReader summary = reader.ReadSubtree();
        while (summary.Read())
        {
            switch (summary.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    text.Append(summary.Value);
                    break;
                case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text.Append(' ');
                    break;
                case XmlNodeType.Element:
                    text.Append(TextOf(summary));
                    break;
                default:
                    break;
            }
        }

        return Collapse(text);
    }

    // An empty <see>, <paramref> or <typeparamref> stands for the name it refers to.
    private static string TextOf(XmlReader element)
    {
        if (!element.IsEmptyElement)
        {
            return element.LocalName is "para" or "item" or "br" ? " " : "";
        }

        string? reference = element.GetAttribute("cref");
        return reference is null
            ? element.GetAttribute("langword") ?? element.GetAttribute("name") ?? " "
            : MemberName.ShortNameOf(reference);
    }

    private static string Collapse(StringBuilder text)
    {
        var collapsed = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char unit = text[i];
            bool isBlank = char.IsWhiteSpace(unit);
            if (!isBlank)
            {
                collapsed.Append(unit);
            }
            else if (collapsed.Length > 0 && collapsed[^1] != ' ')
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString().TrimEnd();
    }
}
