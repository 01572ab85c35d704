// Takes all questions; gives title, summary and plain text of each, as the index that Hugo's template writes.
export default class {
  data() {
    return { permalink: "/index.json" };
  }

  render({ collections }) {
    const entries = collections.question.map((question) => ({
      title: question.data.title,
      url: question.url,
      summary: question.data.summary,
      text: this.plain(question.content),
    }));
    return JSON.stringify(entries);
  }
}
