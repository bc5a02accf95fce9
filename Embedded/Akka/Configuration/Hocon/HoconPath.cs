namespace Akka.Configuration.Hocon;

/// <summary>Dotted paths, whose elements may be quoted.</summary>
internal static class HoconPath
{
    public static string[] Split(string path)
    {
        if (!path.Contains('"', StringComparison.Ordinal))
        {
            return path.Split('.');
        }
        var elements = new List<string>();
        bool quoted = false;
        int start = 0;
        for (int i = 0; i <= path.Length; i++)
        {
            if (i == path.Length || (path[i] == '.' && !quoted))
            {
                elements.Add(path[start..i].Replace("\"", "", StringComparison.Ordinal));
                start = i + 1;
            }
            else if (path[i] == '"')
            {
                quoted = !quoted;
            }
        }
        return [.. elements];
    }
}
