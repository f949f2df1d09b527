using PgFleet.Schema;
using PgFleet.Schema.Docs;

namespace PgFleet.Tests.Schema.Docs;

public sealed class ResourcePageTests
{
    [Fact]
    public void A_page_tells_of_each_property_what_a_user_must_know() =>
        Assert.Equal(
            """
            # Sample

            A sample.

            ```
            pulumi import pgfleet:index:Sample main main
            ```

            ## Inputs

            | property | type | | description |
            |---|---|---|---|
            | `name` | text | optional, else chosen and kept, a change replaces | The name. |
            | `username` | text | required | The user. |
            | `password` | text | required, secret | The password. |
            | `port` | whole number | optional, else chosen and kept | The port. |
            | `listenAddresses` | list of text | default `["127.0.0.1"]` | Addresses. |
            | `parameters` | map to text | optional | Parameters. |
            | `backup` | object | default `{}` | Backups. |
            | `extensions` | map to object | optional | Extensions. |
            | `encoding` | text | optional, else chosen and kept, a change replaces | The encoding. |
            | `source` | text | optional, a change replaces | What it was made from. |
            | `template` | text | optional, a change replaces | A template. |
            | `deletionProtection` | true or false | default `true` | Guards it. |
            | `share` | number | optional | A share. |
            | `budget` | whole number | optional | A budget. |
            | `onDelete` | text | default `refuse` | What Delete does. |
            | `labels` | map to text | optional, a change replaces | Labels. |
            | `tags` | list of text | default `[]` | Tags. |

            ### `backup`

            | property | type | | description |
            |---|---|---|---|
            | `retention` | text | default `24h` | How long. |
            | `directory` | text | optional, a change replaces | Where. |
            | `copies` | whole number | optional, else chosen and kept | How many. |

            ### `extensions.<name>`

            | property | type | | description |
            |---|---|---|---|
            | `version` | text | optional, else chosen and kept | The version. |
            | `schema` | text | optional | The schema. |

            ## Outputs

            | property | type | | description |
            |---|---|---|---|
            | `fingerprint` | text |  | What its source says. |
            | `status` | text |  | How it is. |
            | `address` | text |  | Where it is. |
            | `connectionUri` | text |  | How to connect. |
            | `createdAt` | text |  | Since when. |
            | `note` | text | may be absent | What to know. |

            """,
            ResourcePage.Write(new("Sample", "A sample.\n\n```\npulumi import pgfleet:index:Sample main main\n```\n", Sample.Shape)));

    [Fact]
    public void A_function_that_takes_nothing_has_no_section_for_it() =>
        Assert.Equal(
            """
            # listSamples

            All of them.

            ## Outputs

            | property | type | | description |
            |---|---|---|---|
            | `name` | text |  | The name. |
            | `found` | list of object |  | Those found. |

            ### `found[]`

            | property | type | | description |
            |---|---|---|---|
            | `version` | text | may be absent | The version. |
            | `schema` | text | may be absent | The schema. |

            """,
            ResourcePage.Write(new("listSamples", "All of them.", ResourceSchema.OfFunction(SampleContext.Default.SampleNothing, SampleContext.Default.SampleAnswer))));
}
